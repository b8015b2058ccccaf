/** Documents of YAML or JSON that a user writes, read with the lines that things stand on. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.document;
