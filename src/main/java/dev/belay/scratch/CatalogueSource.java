package dev.belay.scratch;

/**
 * A catalogue that holds objects, or rows that say more of an object elsewhere.
 *
 * @param catalog its name
 * @param owner SQL for the oid of the catalogue that lists the object
 * @param object SQL for the object's oid
 * @param part SQL for its part
 * @param row SQL for what of the row defines the object
 * @param where SQL for which rows count
 * @param storage SQL for the number of the file in which a relation lies
 * @param internal SQL for whether nobody wrote the object
 * @param type SQL for PostgreSQL's word for it
 * @param identity SQL for its name
 */
record CatalogueSource(
    String catalog,
    String owner,
    String object,
    String part,
    String row,
    String where,
    String storage,
    String internal,
    String type,
    String identity) {
  static CatalogueSource objects(String catalog) {
    return more(catalog, catalog, "oid");
  }

  static CatalogueSource more(String catalog, String of, String object) {
    return new CatalogueSource(
        catalog,
        "'pg_catalog." + of + "'::pg_catalog.regclass::pg_catalog.oid",
        "c." + object,
        "0",
        "pg_catalog.to_jsonb(c)::text",
        "c." + object + " >= " + CatalogueSources.FIRST_OWN_OID,
        "0",
        "false",
        "i.type",
        "i.identity");
  }

  CatalogueSource row(String sql) {
    return new CatalogueSource(
        catalog, owner, object, part, sql, where, storage, internal, type, identity);
  }

  CatalogueSource where(String sql) {
    return new CatalogueSource(
        catalog, owner, object, part, row, sql, storage, internal, type, identity);
  }

  CatalogueSource internal(String sql) {
    return new CatalogueSource(
        catalog, owner, object, part, row, where, storage, sql, type, identity);
  }

  CatalogueSource named(String typeSql, String identitySql) {
    return new CatalogueSource(
        catalog, owner, object, part, row, where, storage, internal, typeSql, identitySql);
  }

  /** Naming an object by the server's own function costs more than all the rest. */
  private boolean asksServer() {
    return identity.equals("i.identity");
  }

  String changed() {
    String named =
        asksServer()
            ? " cross join lateral pg_catalog.pg_identify_object(%s, %s, %s) i"
                .formatted(owner, object, part)
            : "";
    return """
        select '%s', %s, %s, %s, pg_catalog.md5(%s), (%s)::bigint, %s, %s, %s
          from pg_catalog.%s c%s
         where (%s) and pg_catalog.age(c.xmin) <= $age"""
        .formatted(
            catalog, owner, object, part, row, storage, internal, type, identity, catalog, named,
            where);
  }

  String keys() {
    String there = catalog.equals("pg_attribute") ? "not c.attisdropped" : "true";
    return "select %s, %s, %s from pg_catalog.%s c where (%s) and %s"
        .formatted(owner, object, part, catalog, where, there);
  }
}
