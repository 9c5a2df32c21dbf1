package dev.belay.support;

import dev.belay.core.Target;
import java.util.HashMap;
import java.util.Map;

/** The variables that point Belay and the programs of PostgreSQL at a database. */
public final class PgVariables {
  private PgVariables() {}

  /** PGHOST and the like, and PGPASSWORD where there is one; more may be put to them. */
  public static Map<String, String> of(Target target) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PGHOST", target.host());
    variables.put("PGPORT", String.valueOf(target.port()));
    variables.put("PGDATABASE", target.database());
    variables.put("PGUSER", target.user());
    target.password().ifPresent(secret -> variables.put("PGPASSWORD", secret.reveal()));
    return variables;
  }
}
