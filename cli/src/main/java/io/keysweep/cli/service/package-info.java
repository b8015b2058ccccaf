/**
 * Contains the commands that call a running service, and the client that they use. Each command extends {@code
 * ServiceCommand}. The commands of one noun, such as {@code keysweep scans}, are in one {@code …Command} class. The
 * {@code …Calls} classes know the paths of the API, and the {@code …Lines} classes format the answers.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.service;
