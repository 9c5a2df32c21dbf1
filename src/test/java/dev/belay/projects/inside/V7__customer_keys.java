package dev.belay.projects.inside;

import java.sql.Statement;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/** A migration in Java, as an app has it in its jar. Its name is how Flyway finds it. */
public class V7__customer_keys extends BaseJavaMigration {
  @Override
  public void migrate(Context context) throws Exception {
    try (Statement statement = context.getConnection().createStatement()) {
      statement.execute("alter table orders add column customer_key integer");
      statement.execute("update orders set customer_key = length(customer)");
    }
  }
}
