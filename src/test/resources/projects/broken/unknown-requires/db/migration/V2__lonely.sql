-- belay:requires V99
create table lonely ();
