-- A migration that waits for a lock must not hold up the clinic.
set lock_timeout = '60s';
