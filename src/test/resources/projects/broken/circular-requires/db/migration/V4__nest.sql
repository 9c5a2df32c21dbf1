-- belay:requires V1, V2
create table nest ();
