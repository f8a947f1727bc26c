"""Files in, passages out: loading, splitting, embedding, keeping and searching documents.

This package never imports `assistant`. The values that flow through it are in `index.documents`.
"""
