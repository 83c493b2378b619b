"""The site: menu and frame, server, headers."""
