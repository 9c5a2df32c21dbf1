package dev.belay.postgres;

import java.util.List;

/**
 * What every session is pinned to, so that neither the role's nor the database's settings change
 * what a query means, what a value looks like as text, or when the server ends the session.
 */
final class SessionSettings {
  private record Pin(String name, String value) {}

  private static final List<Pin> PINS =
      List.of(
          new Pin("search_path", "pg_catalog"),
          new Pin("TimeZone", "UTC"),
          new Pin("DateStyle", "ISO, MDY"),
          new Pin("IntervalStyle", "postgres"),
          new Pin("extra_float_digits", "1"),
          new Pin("bytea_output", "hex"),
          new Pin("xmlbinary", "base64"),
          new Pin("lc_monetary", "C"),
          new Pin("standard_conforming_strings", "on"),
          new Pin("transform_null_equals", "off"),
          new Pin("row_security", "off"),
          new Pin("constraint_exclusion", "off"),
          new Pin("default_transaction_isolation", "read committed"),
          new Pin("default_transaction_read_only", "off"),
          new Pin("default_transaction_deferrable", "off"),
          new Pin("statement_timeout", "0"),
          new Pin("lock_timeout", "30s"),
          new Pin("idle_in_transaction_session_timeout", "0"),
          new Pin("idle_session_timeout", "0"),
          new Pin("transaction_timeout", "0"),
          new Pin("quote_all_identifiers", "off"),
          new Pin("synchronize_seqscans", "off"),
          new Pin("jit", "off"));

  private SessionSettings() {}

  /** One statement that sets those of them that this server knows. */
  static String statement() {
    StringBuilder values = new StringBuilder();
    for (Pin pin : PINS) {
      values.append(values.isEmpty() ? "" : ", ");
      values.append("('").append(pin.name()).append("', '").append(pin.value()).append("')");
    }
    return """
        select pg_catalog.set_config(s.name, p.value, false)
          from (values %s) as p (name, value)
          join pg_catalog.pg_settings s on s.name = p.name
        """
        .formatted(values);
  }
}
