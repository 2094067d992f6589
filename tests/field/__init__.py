"""Situations that people report in public: small client folders, built in code, each with what is right."""
