"""Benchmarks: what Dossier takes beside the plain LangChain pipeline, on the same model and documents in the same run.

`python -m tests.benchmarks` measures ingest, search, answers over HTTP, starting, and the ways of fusing. No test.
"""
