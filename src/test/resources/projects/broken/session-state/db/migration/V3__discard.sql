create temporary table forgotten (a integer);
discard all;
