"""The prompts, one file a version, read by `assistant.prompts`. A released version is never edited: see `lock.json`."""
