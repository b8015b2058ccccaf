/** Writes lists and single entries as a table, as JSON, YAML or CSV, or only their names. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.output;
