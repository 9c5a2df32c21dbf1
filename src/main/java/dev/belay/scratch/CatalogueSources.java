package dev.belay.scratch;

import java.util.ArrayList;
import java.util.List;

/** The catalogues of a database that a recorder compares. */
final class CatalogueSources {
  /** Everything below was made by {@code initdb}, but for the schema public. */
  static final int FIRST_OWN_OID = 16_384;

  /** Relations first, since columns are named after them. */
  static final List<CatalogueSource> ALL = all();

  private CatalogueSources() {}

  private static List<CatalogueSource> all() {
    List<CatalogueSource> sources = new ArrayList<>();
    sources.add(CatalogueSource.objects("pg_namespace").where("c.oid >= 16384 or c.oid = 2200"));
    sources.add(
        new CatalogueSource(
            "pg_class",
            "1259::pg_catalog.oid",
            "c.oid",
            "0",
            // The rest of the row follows from other objects, or is a guess for the planner.
            """
            pg_catalog.jsonb_build_array(c.relname, c.relnamespace, c.reloftype, c.relowner, c.relam,
              c.reltablespace, c.relpersistence, c.relkind, c.relrowsecurity, c.relforcerowsecurity,
              c.relreplident, c.relispopulated, c.relispartition, c.relacl::text, c.reloptions, c.relpartbound::text)::text""",
            "c.oid >= " + FIRST_OWN_OID,
            "c.relfilenode",
            "c.relkind = 't' or c.relnamespace = 99 or c.relpersistence = 't'",
            """
            case when c.relispartition and c.relkind in ('r', 'p', 'f') then 'partition' else
            case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
              when 'm' then 'materialized view' when 'i' then 'index' when 'I' then 'index'
              when 'S' then 'sequence' when 'f' then 'foreign table' when 't' then 'toast table'
              else 'composite type' end end""",
            """
            (select pg_catalog.format('%I.%I', n.nspname, c.relname)
               from pg_catalog.pg_namespace n where n.oid = c.relnamespace)"""));
    sources.add(
        new CatalogueSource(
            "pg_attribute",
            "1259::pg_catalog.oid",
            "c.attrelid",
            "c.attnum",
            // The row of a column that was dropped stays.
            """
            case when not c.attisdropped then
              (pg_catalog.to_jsonb(c) - '{attcacheoff,attmissingval,atthasmissing}'::text[])::text end""",
            "c.attrelid >= " + FIRST_OWN_OID + " and c.attnum > 0",
            "0",
            "false",
            "'column'",
            "pg_catalog.quote_ident(c.attname)"));
    sources.add(CatalogueSource.objects("pg_attrdef"));
    sources.add(CatalogueSource.objects("pg_constraint"));
    sources.add(
        CatalogueSource.objects("pg_type")
            .internal("(c.typrelid <> 0 or c.typcategory = 'A') and c.typtype <> 'd'"));
    sources.add(
        CatalogueSource.objects("pg_enum")
            .named(
                "'enum value'",
                """
                (select pg_catalog.format('%I.%I.%I', n.nspname, t.typname, c.enumlabel)
                   from pg_catalog.pg_type t
                   join pg_catalog.pg_namespace n on n.oid = t.typnamespace
                  where t.oid = c.enumtypid)"""));
    sources.add(CatalogueSource.objects("pg_proc"));
    sources.add(CatalogueSource.objects("pg_trigger").internal("c.tgisinternal"));
    sources.add(CatalogueSource.objects("pg_rewrite"));
    sources.add(CatalogueSource.objects("pg_policy"));
    sources.add(CatalogueSource.objects("pg_extension"));
    sources.add(CatalogueSource.objects("pg_statistic_ext"));
    sources.add(CatalogueSource.objects("pg_operator"));
    sources.add(CatalogueSource.objects("pg_opclass"));
    sources.add(CatalogueSource.objects("pg_opfamily"));
    sources.add(CatalogueSource.objects("pg_cast"));
    sources.add(CatalogueSource.objects("pg_collation"));
    sources.add(CatalogueSource.objects("pg_conversion"));
    sources.add(CatalogueSource.objects("pg_language"));
    sources.add(CatalogueSource.objects("pg_transform"));
    sources.add(CatalogueSource.objects("pg_am"));
    sources.add(CatalogueSource.objects("pg_ts_config"));
    sources.add(CatalogueSource.objects("pg_ts_dict"));
    sources.add(CatalogueSource.objects("pg_ts_parser"));
    sources.add(CatalogueSource.objects("pg_ts_template"));
    sources.add(CatalogueSource.objects("pg_foreign_data_wrapper"));
    sources.add(CatalogueSource.objects("pg_foreign_server"));
    sources.add(CatalogueSource.objects("pg_publication"));
    sources.add(CatalogueSource.objects("pg_publication_rel"));
    sources.add(CatalogueSource.objects("pg_event_trigger"));
    sources.add(CatalogueSource.objects("pg_default_acl"));
    sources.add(
        CatalogueSource.more("pg_index", "pg_class", "indexrelid")
            .row("(pg_catalog.to_jsonb(c) - 'indcheckxmin')::text"));
    sources.add(CatalogueSource.more("pg_sequence", "pg_class", "seqrelid"));
    sources.add(CatalogueSource.more("pg_partitioned_table", "pg_class", "partrelid"));
    sources.add(CatalogueSource.more("pg_foreign_table", "pg_class", "ftrelid"));
    sources.add(CatalogueSource.more("pg_aggregate", "pg_proc", "aggfnoid"));
    sources.add(
        new CatalogueSource(
            "pg_description",
            "c.classoid",
            "c.objoid",
            "c.objsubid",
            "c.description",
            "c.objoid >= " + FIRST_OWN_OID + " or c.objoid = 2200",
            "0",
            "false",
            "i.type",
            "i.identity"));
    return List.copyOf(sources);
  }
}
