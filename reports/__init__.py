"""What leaves the app: tables today, maps and sheets tomorrow."""
