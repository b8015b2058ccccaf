/**
 * Contains the commands that call a running service, and the client that they use. Each extends {@code ServiceCommand};
 * those of one noun are in one {@code …Command} class. The {@code …Calls} classes know the paths of the API, and the
 * {@code …Lines} classes format its answers.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.service;
