-- Each prescription is dispensed once, says the specification.
create unique index dispensing_once on medications.dispensing (prescription_id);
