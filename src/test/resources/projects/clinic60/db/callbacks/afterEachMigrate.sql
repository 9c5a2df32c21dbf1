-- Nothing of the session may leak into the next migration.
reset search_path;
