package dev.belay.emergency;

import dev.belay.catalogue.ObjectKind;
import dev.belay.core.Failure;
import dev.belay.emergency.FixQueries.OpenConstraint;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.util.List;

/** A constraint that was never checked against the rows there are: checked, and so made valid. */
record ConstraintFix(OpenConstraint constraint) implements Fix {
  static final String KIND = "constraint-not-validated";

  private static final String INTEGRITY_VIOLATION = "23";

  /**
   * Those that the migrations want to be valid, or that no migration could be asked about. One that
   * they make as it is stays so, or the schema would not be theirs any more.
   */
  static void find(Database session, SchemaLook schema, List<Fix> fixes, List<FixResult> left) {
    for (OpenConstraint each : FixQueries.openConstraints(session)) {
      ConstraintFix fix = new ConstraintFix(each);
      if (each.ofDomain()) {
        fixes.add(fix);
        continue;
      }
      switch (schema.wanted(ObjectKind.CONSTRAINT, each.owner(), each.name())) {
        case UNKNOWN -> fixes.add(fix);
        case YES -> {
          if (schema.differs(ObjectKind.CONSTRAINT, each.owner(), each.name())) {
            fixes.add(fix);
          } else {
            left.add(
                FixResult.left(
                    KIND,
                    fix.subject(),
                    "the applied migrations leave it so",
                    "validate it in a migration: " + each.validation()));
          }
        }
        case NO ->
            left.add(
                FixResult.left(
                    KIND,
                    fix.subject(),
                    "no applied migration makes it, so nobody can tell whether it is wanted",
                    "belay validate-schema --sql -"));
        default -> throw new AssertionError();
      }
    }
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
