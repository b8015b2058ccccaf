package io.keysweep.cli.sweep;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes metrics to a file in the text format of Prometheus, for the textfile collector of the node exporter.
 *
 * <p>The file is replaced as a whole: a reader sees the old content or the new one, never a part. Every user of the
 * machine may read the file, since the node exporter usually runs as another user.
 */
final class MetricsFile {

    /** The end of the file's name; the node exporter reads no other files. */
    private static final String SUFFIX = ".prom";

    private final Path file;
    private final CommandContext context;

    private MetricsFile(Path file, CommandContext context) {
        this.file = file;
        this.context = context;
    }

    /**
     * Returns the file at a path, which need not exist. Writes nothing yet, so that the command can refuse a wrong path
     * before it sweeps.
     *
     * @throws CommandFailure if the name does not end in {@code .prom}, or if the folder does not exist or is not
     *     writable
     */
    static MetricsFile at(Path path, CommandContext context) {
        Path file = path.toAbsolutePath();
        Path folder = file.getParent();
        if (!file.toString().endsWith(SUFFIX)) {
            throw refusal(path, "a file whose name ends in " + SUFFIX + ", since the node exporter reads no others");
        }
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw refusal(path, "a file in a folder that exists and that you may write to");
        }
        return new MetricsFile(file, context);
    }

    private static CommandFailure refusal(Path path, String rule) {
        return new CommandFailure(ExitCode.USAGE, "--metrics-file is '" + path + "', must be " + rule);
    }

    /** Replaces the file. Returns false if that fails; the user sees why on standard error. */
    boolean write(MetricSnapshots metrics) {
        try {
            replace(metrics);
            return true;
        } catch (IOException | RuntimeException e) {
            context.err()
                    .println("keysweep: --metrics-file '" + file + "' could not be written: "
                            + (e instanceof IOException problem ? FileProblem.of(problem) : e));
            return false;
        }
    }

    private void replace(MetricSnapshots metrics) throws IOException {
        // The draft is in the same folder, because only there the move is atomic. The node exporter does not read files
        // with this suffix.
        Path draft = Files.createTempFile(file.getParent(), "." + file.getFileName() + ".", ".tmp");
        try {
            // Permissions at the creation would be subject to the umask.
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
            try (OutputStream out = Files.newOutputStream(draft)) {
                PrometheusTextFormatWriter.create().write(out, metrics);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
