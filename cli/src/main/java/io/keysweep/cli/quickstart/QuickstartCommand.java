package io.keysweep.cli.quickstart;

import io.keysweep.api.text.FileProblem;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep quickstart}, which shows on a real server that a scan reclaims exactly the expired keys.
 *
 * <p>The command starts a Redis and the service, or uses a Redis of the user. {@link Quickstart} plants keys of which
 * some expire, and scans them through the DCS API (the API of Huawei Cloud's Distributed Cache Service). Then it checks
 * the result on the server. At its end, also after Ctrl-C, it stops everything that it started.
 */
@Command(
        name = "quickstart",
        description = {
            "Shows that Keysweep works: plants expired keys on a real Redis, starts the service, scans that Redis"
                    + " through the DCS API, and checks that exactly those keys were reclaimed.",
            "Starts and stops its own Redis, unless you name one. Leaves nothing behind."
        })
public final class QuickstartCommand implements Callable<Integer> {

    private static final int MIN_KEYS = 3;
    private static final int MAX_KEYS = 100_000_000;
    private static final long POLL_MILLIS = 250;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "use this server: redis:// or rediss://. Its other keys are not touched, except that the scan"
                    + " reclaims expired ones too. The server's own expiry is switched off during the scan, if the server"
                    + " allows it. Default: start an installed redis-server or valkey-server (6 or later), else one from"
                    + " Debian's packages")
    private @Nullable String redisUri;

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "300000",
            description = "number of keys to plant; a third of them, rounded down, expires. Default: 300000")
    private int keyCount;

    @Option(
            names = "--keep",
            description = "keep the service and its Redis running afterwards, until SIGINT (Ctrl-C) or SIGTERM")
    private boolean keep;

    @Option(names = "--json", description = "write one line of JSON and nothing else to standard output")
    private boolean json;

    private final CommandContext context;
    private final Supplier<SweepEngine> engines;
    private final Supplier<NodeConnector> connectors;

    /**
     * Creates the command.
     *
     * @param engines creates the engine, which checks a server of the user before anything is changed on it
     * @param connectors creates the connector, through which keys are planted and counted
     */
    public QuickstartCommand(
            CommandContext context, Supplier<SweepEngine> engines, Supplier<NodeConnector> connectors) {
        this.context = context;
        this.engines = engines;
        this.connectors = connectors;
    }

    @Override
    public Integer call() throws Exception {
        if (keyCount < MIN_KEYS || keyCount > MAX_KEYS) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--keys is " + keyCount + ", must be from " + MIN_KEYS + " to " + MAX_KEYS);
        }
        if (redisUri == null && credentials.isGiven()) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--username and --password are those of a server of yours: give --redis too");
        }

        // A signal interrupts this thread, so that waits end and everything is stopped in an orderly way.
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread worker = Thread.currentThread();
        Interruption.Registration registration = context.interruption().onInterrupt(() -> {
            interrupted.set(true);
            worker.interrupt();
        });
        try {
            return run(interrupted).number();
        } catch (Exception e) {
            // An interrupt can make any call fail. Then the interrupt is the reason to report.
            if (interrupted.get()) {
                throw new InterruptedException();
            }
            throw e;
        } finally {
            registration.withdraw();
        }
    }

    /** Runs the demonstration, prints its result, and with {@code --keep} waits for a signal. Stops what it started. */
    private ExitCode run(AtomicBoolean interrupted) throws InterruptedException {
        String id = randomId();
        DemoKeys keys = DemoKeys.of(keyCount, "keysweep-demo:" + id + ":");
        Path folder = temporaryFolder(id);
        DemoRedis.@Nullable Given redisOfUser = redisUri == null ? null : inspectRedis(redisUri);
        // The service takes the longest, so it starts first, while the keys are planted.
        try (DemoService service = DemoService.start(context, folder.resolve("service"));
                NodeConnector connector = connectors.get();
                DemoRedis redis = redisOfUser == null ? startRedis(connector, folder) : redisOfUser) {
            context.err().println("Using " + redis.name() + " at " + redis.uri() + ".");
            Quickstart.QuickstartOutcome outcome =
                    new Quickstart(context, connector, redis, keys, interrupted::get).run(service);
            List<String> faults = outcome.evidence().faults();
            print(outcome, faults.isEmpty());
            faults.forEach(fault -> context.err().println("keysweep: the check found a fault: " + fault));
            if (keep) {
                keepRunning(service, interrupted);
            }
            return faults.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private DemoRedis startRedis(NodeConnector connector, Path folder) throws InterruptedException {
        RedisProgram program = RedisProgram.find(context, new ExternalPrograms(context));
        return new RedisStarter(context, connector, folder).start(program);
    }

    /**
     * Checks that the server that the user has named can be swept, before anything is changed on it.
     *
     * @throws CommandFailure if the URI is not valid or does not name one server over TCP
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be reached or swept
     */
    private DemoRedis.Given inspectRedis(String uri) {
        Deployment deployment;
        try {
            deployment = DeploymentUri.parse(uri, credentials.username(), credentials.password(context));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
        if (!(deployment instanceof Deployment.Standalone server)
                || server.address().isUnixSocket()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--redis is '" + DeploymentUri.redacted(deployment)
                            + "', must be redis:// or rediss://, since the keys are planted on one server over TCP");
        }
        try (SweepEngine engine = engines.get()) {
            PrimarySummary inspection = engine.inspect(server);
            return new DemoRedis.Given(server, DeploymentUri.redacted(server), ServerName.of(inspection.profile()));
        }
    }

    private void print(Quickstart.QuickstartOutcome outcome, boolean isFaultless) {
        if (json) {
            context.out().println(outcome.result().toJson());
        } else {
            QuickstartText.lines(outcome.result(), outcome.evidence().remark(), isFaultless, keep)
                    .forEach(context.out()::println);
        }
        context.out().flush();
    }

    /** Waits until the user presses Ctrl-C or a signal arrives; fails if the service ends by itself. */
    private void keepRunning(DemoService service, AtomicBoolean interrupted) {
        context.err().println("The service and its Redis keep running. Ctrl-C stops both.");
        try {
            while (!interrupted.get()) {
                service.requireRunning();
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            // Ctrl-C ends the wait; the service and its Redis are stopped next.
        }
        context.err().println("Stopping …");
    }

    /**
     * Returns a path for temporary files without creating it. Each {@link GuardedProcess} creates its folder below it,
     * and removes the folder at its end.
     */
    private Path temporaryFolder(String id) {
        String base = context.variable("TMPDIR");
        Path folder = Path.of(base != null ? base : System.getProperty("java.io.tmpdir", "/tmp"));
        try {
            return folder.toRealPath().resolve("keysweep-quickstart-" + id);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the folder for temporary files '" + folder + "' cannot be used: " + FileProblem.of(e)
                            + ". TMPDIR names another one",
                    e);
        }
    }

    private static String randomId() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
