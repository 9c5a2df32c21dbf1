drop index medications.dispensing_once;
