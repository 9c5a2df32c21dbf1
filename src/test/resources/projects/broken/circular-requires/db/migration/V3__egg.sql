-- belay:requires V4
create table egg ();
