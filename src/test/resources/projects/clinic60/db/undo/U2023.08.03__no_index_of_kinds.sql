select 'the index was of no use';
