comment on table orders is 'Käufe der Höfe';
