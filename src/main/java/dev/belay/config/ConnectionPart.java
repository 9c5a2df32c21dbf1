package dev.belay.config;

/** What a connection is made of, with the name that each kind of source has for it. */
enum ConnectionPart {
  HOST("host", "host", "PGHOST"),
  PORT("port", "port", "PGPORT"),
  DATABASE("database", "dbname", "PGDATABASE"),
  USER("user", "user", "PGUSER"),
  PASSWORD("password", "password", "PGPASSWORD"),
  PASSWORD_FILE("passwordFile", "passfile", "PGPASSFILE"),
  SERVICE("service", "service", "PGSERVICE"),
  SSL_MODE("sslmode", "sslmode", "PGSSLMODE"),
  SSL_ROOT_CERT("sslRootCert", "sslrootcert", "PGSSLROOTCERT"),
  SSL_CERT("sslCert", "sslcert", "PGSSLCERT"),
  SSL_KEY("sslKey", "sslkey", "PGSSLKEY"),
  CONNECT_TIMEOUT("connectTimeout", "connect_timeout", "PGCONNECT_TIMEOUT");

  private final String setting;
  private final String keyword;
  private final String variable;

  ConnectionPart(String setting, String keyword, String variable) {
    this.setting = setting;
    this.keyword = keyword;
    this.variable = variable;
  }

  /** Its name in {@code belay.yaml}. */
  String setting() {
    return setting;
  }

  /** Its name in libpq's connection strings. */
  String keyword() {
    return keyword;
  }

  /** libpq's environment variable. */
  String variable() {
    return variable;
  }
}
