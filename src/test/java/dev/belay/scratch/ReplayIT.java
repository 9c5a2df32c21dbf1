package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayIT {
  @TempDir Path folder;
  private ReplayRig rig;

  @BeforeEach
  void open() {
    rig = new ReplayRig(folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void everythingThatAMigrationTouchesIsRecorded() throws IOException {
    rig.write(
            "V1__a.sql",
            "create table a (id int primary key, n text, old int); create table b (id int references a);"
                + "insert into a values (1, 'x', 3);")
        .write(
            "V2__b.sql",
            "alter table a alter id type bigint, drop old; create view v as select n from a;")
        .write("V3__c.sql", "create index concurrently i on a (n);")
        .write(
            "V4__d.sql",
            "truncate b; update a set n = 'y'; drop view v; comment on table a is 'x';")
        .write("V5__e.sql", "create function f() returns int language sql as 'select 1';")
        .write(
            "V6__f.sql",
            "create type mood as enum ('a', 'b'); create table m (m mood default 'a', x int default f());")
        .write("V7__f.sql", "alter type mood add value 'c';")
        .write("R__v.sql", "create view w as select id from a;");
    List<RecordedMigration> all = rig.recording(ReplayPlan.Reach.NEXT_MIGRATE).pending();
    assertThat(all.stream().map(RecordedMigration::name))
        .containsExactly("V1__a", "V2__b", "V3__c", "V4__d", "V5__e", "V6__f", "V7__f", "R__v");

    RecordedMigration first = all.get(0);
    assertThat(first.locks()).isEmpty();
    assertThat(names(first.created())).contains("table public.a", "table public.b");
    assertThat(first.rows()).singleElement().extracting(RowsChanged::inserted).isEqualTo(1L);

    RecordedMigration second = all.get(1);
    assertThat(strongest(second))
        .contains("public.a ACCESS EXCLUSIVE", "public.b ACCESS EXCLUSIVE");
    assertThat(names(second.rewritten())).contains("table public.a");
    assertThat(names(second.changed())).contains("table column public.a.id");
    assertThat(names(second.dropped())).contains("table column public.a.old");
    assertThat(names(second.created())).contains("view public.v");

    RecordedMigration outside = all.get(2);
    assertThat(outside.inTransaction()).isFalse();
    assertThat(strongest(outside)).containsExactly("public.a SHARE UPDATE EXCLUSIVE");
    assertThat(outside.notes()).isNotEmpty();

    RecordedMigration fourth = all.get(3);
    assertThat(names(fourth.emptied())).containsExactly("table public.b");
    assertThat(names(fourth.rewritten())).isEmpty();
    assertThat(names(fourth.changed())).contains("table public.a");
    assertThat(names(fourth.dropped())).contains("view public.v");
    assertThat(fourth.rows())
        .anyMatch(rows -> rows.relation().identity().equals("public.a") && rows.updated() == 1);

    assertThat(names(all.get(6).created())).containsExactly("enum value public.mood.c");
    assertThat(strongest(all.get(7))).containsExactly("public.a ACCESS SHARE");
    assertThat(ReplayRig.left()).isEmpty();
  }

  private static List<String> names(List<RecordedObject> objects) {
    return objects.stream()
        .filter(object -> !object.internal())
        .map(RecordedObject::words)
        .toList();
  }

  private static List<String> strongest(RecordedMigration migration) {
    return migration.locks().stream()
        .filter(lock -> !lock.relation().type().equals("index"))
        .map(lock -> lock.relation().identity() + " " + lock.strongest().word())
        .toList();
  }
}
