call in_batches();
