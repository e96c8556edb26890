"""Other libraries' faces, for those who want to change one import and stay."""
