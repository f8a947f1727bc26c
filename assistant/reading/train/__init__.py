"""Training of the reader model, from public sets to the files that ship. Needs torch; Dossier itself reads without."""
