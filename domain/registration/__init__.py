"""Registration 登记: the commands that change registers, and filling in forms."""
