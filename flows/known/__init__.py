"""What is known already: pasted, read from a file or from an earlier handover."""
