package dev.belay.emergency;

import dev.belay.catalogue.ObjectKind;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.emergency.FixQueries.OpenConstraint;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A constraint that was never checked against the rows there are: checked, and so made valid. */
record ConstraintFix(OpenConstraint constraint) implements Fix {
  static final String KIND = "constraint-not-validated";

  private static final String INTEGRITY_VIOLATION = "23";

  /**
   * Those that the migrations want to be valid. One that they make as it is stays so, or the schema
   * would not be theirs any more.
   *
   * @param own which tables are looked at
   */
  static void find(
      Database session,
      Predicate<TableName> own,
      SchemaLook schema,
      List<Fix> fixes,
      List<FixResult> left) {
    for (OpenConstraint each : FixQueries.openConstraints(session)) {
      if (own.test(each.owner())) {
        ConstraintFix fix = new ConstraintFix(each);
        fix.against(schema).ifPresentOrElse(left::add, () -> fixes.add(fix));
      }
    }
  }

  /** Why it is left as it is. */
  private Optional<FixResult> against(SchemaLook schema) {
    if (constraint.ofDomain()) {
      return left(
          "to validate it, a server before PostgreSQL 18 stops writes to every table that has a column of the domain",
          ShellWords.psql(constraint.validation()));
    }
    return switch (schema.wanted(ObjectKind.CONSTRAINT, constraint.owner(), constraint.name())) {
      case YES ->
          schema.differs(ObjectKind.CONSTRAINT, constraint.owner(), constraint.name())
              ? Optional.empty()
              : left(
                  "the applied migrations leave it so",
                  "validate it in a migration: " + constraint.validation());
      case NO ->
          left(
              "no applied migration makes it, so nobody can tell whether it is wanted",
              "belay validate-schema --sql -");
      case UNKNOWN ->
          left(
              "nobody can tell whether it is left so on purpose: it was not compared with migrations",
              "where it is not: " + ShellWords.psql(constraint.validation()));
    };
  }

  private Optional<FixResult> left(String why, String hint) {
    return Optional.of(FixResult.left(KIND, subject(), why, hint));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String subject() {
    return constraint.owner().plain() + "." + constraint.name();
  }

  @Override
  public String plan() {
    return "validate the constraint %s, if no row breaks it, which the server checks while reads and writes go on"
        .formatted(subject());
  }

  @Override
  public FixResult apply(FixGround ground) {
    try {
      return ground.transaction(
          "validating " + subject(),
          () -> {
            if (!FixQueries.isOpen(ground.session(), constraint)) {
              return FixResult.left(KIND, subject(), "it is not open any more", null);
            }
            ground.session().execute(constraint.validation());
            return FixResult.fixed(KIND, subject(), "validated: no row breaks it");
          });
    } catch (Failure failure) {
      if (SqlState.of(failure).filter(state -> state.startsWith(INTEGRITY_VIOLATION)).isPresent()) {
        return FixResult.left(
            KIND,
            subject(),
            "rows break it",
            "see which: belay verify-integrity --check " + constraint.check());
      }
      throw failure;
    }
  }
}
