package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes a {@code redis-server} or {@code valkey-server} program that the quickstart can start.
 *
 * @param command path of the program
 * @param name name and version, for example {@code redis-server 7.0.15}
 * @param major first number of the version, for example 7
 */
record RedisProgram(String command, String name, int major) {

    private static final int MIN_MAJOR = 6;
    private static final String FETCHED_VERSION = "7.0";

    /** Finds the version in the output of {@code redis-server --version}, and its first number. */
    private static final Pattern VERSION = Pattern.compile("\\bv=((\\d{1,3})\\.[\\w.-]+)");

    /**
     * Returns an installed program of version 6 or later. If there is none, it fetches Redis 7.0 from Debian's packages
     * into the user's cache, without changing the system. Fetching needs the source tree of Keysweep and may take a
     * while.
     *
     * @throws CommandFailure if there is no program on the {@code PATH} and none can be fetched
     */
    static RedisProgram find(CommandContext context, ExternalPrograms tools) throws InterruptedException {
        Optional<RedisProgram> installedProgram = findInstalled(context, tools);
        return installedProgram.isPresent() ? installedProgram.get() : fetch(context, tools);
    }

    /**
     * Returns whether DEBUG needs the option {@code --enable-debug-command}, as since version 7. Earlier servers do not
     * know the option and would not start with it.
     */
    boolean guardsDebug() {
        return major >= 7;
    }

    /** Returns the first program of version 6 or later in the folders of {@code PATH}. */
    private static Optional<RedisProgram> findInstalled(CommandContext context, ExternalPrograms tools)
            throws InterruptedException {
        String path = context.variable("PATH");
        List<String> folders = path == null ? List.of() : List.of(path.split(":", -1));
        for (String folder : folders) {
            for (String name : List.of("redis-server", "valkey-server")) {
                // An empty entry of PATH stands for the current folder.
                Path file = Path.of(folder.isEmpty() ? "." : folder, name).toAbsolutePath();
                if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                    Optional<RedisProgram> program = tools.output(List.of(file.toString(), "--version"))
                            .flatMap(text -> parse(file.toString(), name, text))
                            .filter(candidate -> candidate.major >= MIN_MAJOR);
                    if (program.isPresent()) {
                        return program;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Returns Redis 7.0 from the user's cache, into which the script of the source tree fetches it if necessary. */
    private static RedisProgram fetch(CommandContext context, ExternalPrograms tools) throws InterruptedException {
        String root = context.variable("KEYSWEEP_ROOT");
        Path script = root == null ? null : Path.of(root, "dev", "redis-servers");
        if (script == null || !Files.isExecutable(script)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "there is no redis-server or valkey-server of version " + MIN_MAJOR + " or later on the PATH:"
                            + " install one (apt-get install redis-server), or name a running one with --redis URI");
        }
        boolean isCached = tools.output(List.of(script.toString(), "path", FETCHED_VERSION, "server"))
                .isPresent();
        if (!isCached && !tools.run(List.of(script.toString(), "install", FETCHED_VERSION))) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "there is no redis-server on the PATH, and none could be fetched (see above):"
                            + " install one, or name a running one with --redis URI");
        }
        String command = tools.output(List.of(script.toString(), "path", FETCHED_VERSION, "server"))
                .orElse("")
                .strip();
        return tools.output(List.of(command, "--version"))
                .flatMap(text -> parse(command, "redis-server", text))
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.FAILED, "the fetched redis-server does not start: try --redis URI"));
    }

    /** Reads the version from a text such as {@code Redis server v=7.0.15 sha=…}; empty if there is none. */
    static Optional<RedisProgram> parse(String command, String name, String versionText) {
        Matcher version = VERSION.matcher(versionText);
        return version.find()
                ? Optional.of(
                        new RedisProgram(command, name + " " + version.group(1), Integer.parseInt(version.group(2))))
                : Optional.empty();
    }
}
