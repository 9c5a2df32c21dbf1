drop table medications.dispensing;
