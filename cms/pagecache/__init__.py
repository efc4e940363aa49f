"""The page cache: complete public pages, made once and served until something public changes. Never a stale one."""
