/** Reads YAML and JSON documents that users write, and keeps the line of each field for error messages. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.document;
