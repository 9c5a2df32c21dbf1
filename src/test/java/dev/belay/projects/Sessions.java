package dev.belay.projects;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Sessions with a database that know nothing of Belay's own way to open one. A script goes to the
 * server as it is: the driver would split it, and in the wrong place where a function has a body of
 * {@code begin atomic}.
 */
final class Sessions {
  private Sessions() {}

  static Connection open(Target target) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {target.host()});
    source.setPortNumbers(new int[] {target.port()});
    source.setDatabaseName(target.database());
    source.setUser(target.user());
    target.password().map(Secret::reveal).ifPresent(source::setPassword);
    source.setPreferQueryMode(PreferQueryMode.SIMPLE);
    return source.getConnection();
  }
}
