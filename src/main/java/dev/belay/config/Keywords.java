package dev.belay.config;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of connection strings: those that are parts of a connection, those that only
 * concern other programs' sessions, and those that Belay cannot give to JDBC and libpq alike, which
 * it refuses rather than connect with less than was asked.
 */
final class Keywords {
  /** Refused unless they have one of these values, which ask for nothing. */
  private static final Map<String, Set<String>> REFUSED =
      Map.ofEntries(
          Map.entry("hostaddr", Set.of()),
          Map.entry("sslcrl", Set.of()),
          Map.entry("sslcrldir", Set.of()),
          Map.entry("sslpassword", Set.of()),
          Map.entry("sslcertmode", Set.of("allow")),
          Map.entry("sslsni", Set.of("1")),
          Map.entry("sslnegotiation", Set.of("postgres")),
          Map.entry("ssl_min_protocol_version", Set.of("tlsv1", "tlsv1.1", "tlsv1.2")),
          Map.entry("ssl_max_protocol_version", Set.of("tlsv1.3")),
          Map.entry("requiressl", Set.of("0")),
          Map.entry("requirepeer", Set.of()),
          Map.entry("require_auth", Set.of()),
          Map.entry("channel_binding", Set.of("disable", "prefer")),
          Map.entry("gssencmode", Set.of("disable", "prefer")),
          Map.entry("target_session_attrs", Set.of("any")),
          Map.entry("load_balance_hosts", Set.of("disable")),
          Map.entry("options", Set.of()),
          Map.entry("replication", Set.of("false", "off", "no", "0")),
          Map.entry("oauth_issuer", Set.of()),
          Map.entry("oauth_client_id", Set.of()),
          Map.entry("oauth_client_secret", Set.of()),
          Map.entry("oauth_scope", Set.of()));

  private static final Set<String> IGNORED =
      Set.of(
          "application_name",
          "fallback_application_name",
          "client_encoding",
          "keepalives",
          "keepalives_idle",
          "keepalives_interval",
          "keepalives_count",
          "tcp_user_timeout",
          "krbsrvname",
          "gsslib",
          "gssdelegation",
          "sslcompression",
          "sslkeylogfile",
          "min_protocol_version",
          "max_protocol_version");

  private static final Map<String, Set<String>> REFUSED_BY_JDBC =
      Map.ofEntries(
          Map.entry("authenticationpluginclassname", Set.of()),
          Map.entry("channelbinding", Set.of("disable", "prefer")),
          Map.entry("gssencmode", Set.of("disable", "allow", "prefer")),
          Map.entry("loadbalancehosts", Set.of("false")),
          Map.entry("localsocketaddress", Set.of()),
          Map.entry("options", Set.of()),
          Map.entry("replication", Set.of("false")),
          Map.entry("requireauth", Set.of()),
          Map.entry("scrammaxiterations", Set.of("100000")),
          Map.entry("socketfactory", Set.of()),
          Map.entry("socketfactoryarg", Set.of()),
          Map.entry(
              "sslfactory",
              Set.of("org.postgresql.ssl.libpqfactory", "org.postgresql.ssl.jdbc4.libpqfactory")),
          Map.entry("sslfactoryarg", Set.of()),
          Map.entry("sslhostnameverifier", Set.of()),
          Map.entry("sslnegotiation", Set.of("postgres")),
          Map.entry("sslpassword", Set.of()),
          Map.entry("sslpasswordcallback", Set.of()),
          Map.entry("targetservertype", Set.of("any")));

  private static final Map<String, ConnectionPart> JDBC_PARTS =
      Map.of(
          "pghost", ConnectionPart.HOST,
          "pgport", ConnectionPart.PORT,
          "pgdbname", ConnectionPart.DATABASE,
          "connecttimeout", ConnectionPart.CONNECT_TIMEOUT);

  private static final Set<String> IGNORED_OF_JDBC =
      Set.of(
          ("adaptiveFetch adaptiveFetchMaximum adaptiveFetchMinimum allowEncodingChanges"
                  + " ApplicationName assumeMinServerVersion autosave binaryTransfer"
                  + " binaryTransferDisable binaryTransferEnable cancelSignalTimeout"
                  + " classLoaderStrategy cleanupSavepoints connectExecutor connectExecutorArg"
                  + " convertBooleanToNumeric currentSchema databaseMetadataCacheFields"
                  + " databaseMetadataCacheFieldsMiB defaultRowFetchSize"
                  + " disableColumnSanitiser escapeSyntaxCallMode flushCacheOnDdl"
                  + " groupStartupParameters gsslib gssResponseTimeout gssUseDefaultCreds"
                  + " hideUnprivilegedObjects hostRecheckSeconds jaasApplicationName jaasLogin"
                  + " kerberosServerName loggerFile loggerLevel loginTimeout"
                  + " logServerErrorDetail logUnclosedConnections maxResultBuffer"
                  + " maxSendBufferSize pemKeyAlgorithm preferQueryMode"
                  + " preparedStatementCacheQueries preparedStatementCacheSizeMiB"
                  + " prepareThreshold protocolVersion queryTimeout quoteReturningIdentifiers"
                  + " readOnly readOnlyMode receiveBufferSize reWriteBatchedInserts"
                  + " reWriteBatchedInsertsSize sendBufferSize socketTimeout sspiServiceClass"
                  + " sslResponseTimeout stringtype tcpKeepAlive tcpNoDelay unknownLength"
                  + " useSpnego xmlFactoryFactory")
              .toLowerCase(Locale.ROOT)
              .split(" "));

  private static final Pattern SOCKET_FILE = Pattern.compile("(/.*)/\\.s\\.PGSQL\\.(\\d+)");

  private Keywords() {}

  /**
   * Takes one parameter of a connection string.
   *
   * @param printable whether the name may be shown; false where it may be a piece of a password
   * @throws Failure USAGE when the name is unknown, or Belay cannot do what it asks for
   */
  static void take(
      Parts parts, String name, String value, boolean jdbc, boolean printable, String source) {
    String plain = name.toLowerCase(Locale.ROOT);
    ConnectionPart part = part(plain, jdbc);
    if (part != null) {
      parts.put(part, value, source);
    } else if (plain.equals("ssl")) {
      ssl(parts, value, jdbc, source);
    } else if (jdbc && plain.equals("socketfactory") && isUnixSocketFactory(value)) {
      return;
    } else if (jdbc && plain.equals("socketfactoryarg") && SOCKET_FILE.matcher(value).matches()) {
      Matcher file = SOCKET_FILE.matcher(value);
      if (file.matches()) {
        parts.put(ConnectionPart.HOST, file.group(1), source);
        parts.put(ConnectionPart.PORT, file.group(2), source);
      }
    } else {
      refuse(plain, value, jdbc, printable, source);
    }
  }

  /** Refuses what the environment asks of libpq that JDBC cannot do, in libpq's own variables. */
  static void refuseVariables(Map<String, String> environment) {
    Map<String, String> variables =
        Map.ofEntries(
            Map.entry("PGHOSTADDR", "hostaddr"),
            Map.entry("PGSSLCRL", "sslcrl"),
            Map.entry("PGSSLCRLDIR", "sslcrldir"),
            Map.entry("PGSSLCERTMODE", "sslcertmode"),
            Map.entry("PGSSLSNI", "sslsni"),
            Map.entry("PGSSLNEGOTIATION", "sslnegotiation"),
            Map.entry("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
            Map.entry("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
            Map.entry("PGREQUIRESSL", "requiressl"),
            Map.entry("PGREQUIREPEER", "requirepeer"),
            Map.entry("PGREQUIREAUTH", "require_auth"),
            Map.entry("PGCHANNELBINDING", "channel_binding"),
            Map.entry("PGGSSENCMODE", "gssencmode"),
            Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
            Map.entry("PGLOADBALANCEHOSTS", "load_balance_hosts"));
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String value = environment.getOrDefault(variable.getKey(), "");
      Set<String> harmless = REFUSED.getOrDefault(variable.getValue(), Set.of());
      if (!value.isBlank() && !harmless.contains(value.toLowerCase(Locale.ROOT))) {
        throw Failure.usage(
            variable.getKey() + " asks for what belay cannot give to both JDBC and pg_dump",
            "unset " + variable.getKey());
      }
    }
  }

  private static @Nullable ConnectionPart part(String plain, boolean jdbc) {
    for (ConnectionPart part : ConnectionPart.values()) {
      boolean libpqOnly =
          part == ConnectionPart.HOST
              || part == ConnectionPart.PORT
              || part == ConnectionPart.DATABASE
              || part == ConnectionPart.PASSWORD_FILE
              || part == ConnectionPart.CONNECT_TIMEOUT;
      if (part.keyword().equals(plain) && !(jdbc && libpqOnly)) {
        return part;
      }
    }
    return jdbc ? JDBC_PARTS.get(plain) : null;
  }

  /** The old switch: JDBC means a fully verified connection by it, libpq an encrypted one. */
  private static void ssl(Parts parts, String value, boolean jdbc, String source) {
    boolean on = value.isEmpty() || value.equalsIgnoreCase("true");
    if (on && !parts.has(ConnectionPart.SSL_MODE)) {
      parts.put(ConnectionPart.SSL_MODE, jdbc ? "verify-full" : "require", source);
    }
  }

  private static boolean isUnixSocketFactory(String value) {
    return value.startsWith("org.newsclub.net.unix.");
  }

  private static void refuse(
      String plain, String value, boolean jdbc, boolean printable, String source) {
    Map<String, Set<String>> refused = jdbc ? REFUSED_BY_JDBC : REFUSED;
    Set<String> harmless = refused.get(plain);
    if (harmless != null) {
      if (harmless.contains(value.toLowerCase(Locale.ROOT))) {
        return;
      }
      throw Failure.usage(
          source + " sets " + plain + ", which belay cannot give to both JDBC and pg_dump",
          "leave " + plain + " out of " + source);
    }
    if ((jdbc ? IGNORED_OF_JDBC : IGNORED).contains(plain)) {
      return;
    }
    if (!printable) {
      throw Failure.usage(
          source + " has a parameter that is not known (not shown, it may be part of a password)",
          ConnectionText.ENCODE);
    }
    throw Failure.usage(
        source + " has the unknown parameter '" + plain + "'",
        "did you mean " + Nearest.to(plain, names(jdbc)) + "?");
  }

  private static List<String> names(boolean jdbc) {
    List<String> names = new ArrayList<>(jdbc ? REFUSED_BY_JDBC.keySet() : REFUSED.keySet());
    names.addAll(jdbc ? IGNORED_OF_JDBC : IGNORED);
    for (ConnectionPart part : ConnectionPart.values()) {
      names.add(part.keyword());
    }
    names.sort(null);
    return names;
  }
}
