"""Every rule that the database itself holds, attacked past the ORM."""
