package dev.belay;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The picture in docs/ARCHITECTURE.md, kept true. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.belay");

  /** Operations: none of them knows another. Procedures may use several of them. */
  private static final Set<String> APART =
      Set.of(
          "backup",
          "restore",
          "export",
          "status",
          "migrations",
          "schema",
          "verify",
          "conflicts",
          "notify",
          "readiness",
          "incident",
          "audit");

  @Test
  void importsPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("app")
        .definedBy("dev.belay.app..")
        .layer("api")
        .definedBy("dev.belay.api..")
        .layer("guards")
        .definedBy(rooms("migrate", "guard", "watch", "emergency", "rehearse", "drill", "fleet"))
        .layer("procedures")
        .definedBy(
            rooms("rollback", "gradual", "points", "reconcile", "recovery", "sqlite", "demo"))
        .layer("operations")
        .definedBy(
            rooms(
                "backup",
                "restore",
                "export",
                "status",
                "migrations",
                "schema",
                "verify",
                "conflicts",
                "notify",
                "readiness",
                "incident",
                "audit"))
        .layer("capabilities")
        .definedBy(
            rooms(
                "archive",
                "pgtools",
                "flyway",
                "catalogue",
                "scratch",
                "swap",
                "integrity",
                "diff",
                "dataset",
                "journal",
                "batch",
                "ledger",
                "undo",
                "monitor",
                "hooks"))
        .layer("platform")
        .definedBy(rooms("cli", "config", "postgres", "process"))
        .layer("ground")
        .definedBy(rooms("report", "core"))
        .whereLayer("app")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("api")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("guards")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("procedures")
        .mayOnlyBeAccessedByLayers("app", "api", "guards")
        .whereLayer("operations")
        .mayOnlyBeAccessedByLayers("app", "api", "guards", "procedures")
        .whereLayer("capabilities")
        .mayOnlyBeAccessedByLayers("app", "api", "guards", "procedures", "operations")
        .whereLayer("platform")
        .mayOnlyBeAccessedByLayers(
            "app", "api", "guards", "procedures", "operations", "capabilities")
        .check(CLASSES);
  }

  @Test
  void everyRoomIsInTheHouse() {
    classes()
        .should()
        .resideInAnyPackage(
            rooms(
                "app",
                "api",
                "rollback",
                "gradual",
                "points",
                "reconcile",
                "guard",
                "emergency",
                "rehearse",
                "fleet",
                "sqlite",
                "demo",
                "migrate",
                "watch",
                "recovery",
                "readiness",
                "incident",
                "drill",
                "hooks",
                "backup",
                "restore",
                "export",
                "status",
                "migrations",
                "schema",
                "verify",
                "conflicts",
                "notify",
                "audit",
                "archive",
                "pgtools",
                "flyway",
                "catalogue",
                "scratch",
                "swap",
                "integrity",
                "diff",
                "dataset",
                "journal",
                "batch",
                "ledger",
                "undo",
                "monitor",
                "cli",
                "config",
                "postgres",
                "process",
                "report",
                "core"))
        .check(CLASSES);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching("dev.belay.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void operationsDoNotKnowOneAnother() {
    slices()
        .assignedFrom(new RoomsApart())
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyMainTouchesTheStandardStreams() {
    noClasses()
        .that(are(DescribedPredicate.not(resideInAPackage("dev.belay.app"))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  @Test
  void picocliStaysAtTheEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.belay.app..", "dev.belay.cli..")
        .and()
        .haveSimpleNameNotEndingWith("Command")
        .and()
        .haveSimpleNameNotEndingWith("Options")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  @Test
  void jdbcStaysWithTheQueries() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.belay.postgres..", "dev.belay.api..")
        .and()
        .haveSimpleNameNotEndingWith("Queries")
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.sql..").or(resideInAPackage("org.postgresql..")))
        .check(CLASSES);
  }

  @Test
  void childrenAreStartedInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.belay.process..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(CLASSES);
  }

  @Test
  void nothingElseOfBelayShowsInTheApi() {
    classes()
        .that()
        .resideInAPackage("dev.belay.api..")
        .and()
        .arePublic()
        .should(
            new ArchCondition<>("show only the api and the JDK") {
              @Override
              public void check(JavaClass shown, ConditionEvents events) {
                look(shown, shown.getAllInvolvedRawTypes(), shown.getFullName(), events);
                shown.getMembers().stream()
                    .filter(
                        member ->
                            member.getModifiers().contains(JavaModifier.PUBLIC)
                                || member.getModifiers().contains(JavaModifier.PROTECTED))
                    .forEach(
                        member ->
                            look(
                                shown,
                                member.getAllInvolvedRawTypes(),
                                member.getFullName(),
                                events));
              }

              private void look(
                  JavaClass shown, Set<JavaClass> types, String where, ConditionEvents events) {
                types.stream()
                    .map(JavaClass::getBaseComponentType)
                    .filter(type -> type.getPackageName().startsWith("dev.belay"))
                    .filter(type -> !type.getPackageName().equals("dev.belay.api"))
                    .forEach(
                        type ->
                            events.add(
                                SimpleConditionEvent.violated(
                                    shown, where + " shows " + type.getName())));
              }
            })
        .check(CLASSES);
  }

  private static String[] rooms(String... names) {
    String[] packages = new String[names.length];
    for (int room = 0; room < names.length; room++) {
      packages[room] = "dev.belay." + names[room] + "..";
    }
    return packages;
  }

  /** What operations share belongs in a capability. */
  private static final class RoomsApart implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      String name = javaClass.getPackageName();
      String room = name.startsWith("dev.belay.") ? name.substring(10).split("\\.", 2)[0] : "";
      return APART.contains(room) ? SliceIdentifier.of(room) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "operations";
    }
  }
}
