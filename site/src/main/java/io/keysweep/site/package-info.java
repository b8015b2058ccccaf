/** Builds the documentation site from the Markdown files of the repository and checks their links. Not shipped. */
@org.jspecify.annotations.NullMarked
package io.keysweep.site;
