"""What several tests share. Pytest finds it beside tests/conftest.py."""
