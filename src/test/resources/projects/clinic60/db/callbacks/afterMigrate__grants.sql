grant usage on schema clinic to ${reader};
