-- belay:requires V3
create table hen ();
