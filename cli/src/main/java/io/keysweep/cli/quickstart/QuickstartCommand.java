package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Interruption;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.cli.shell.Shell;
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

/** {@code keysweep quickstart}: shows on a real server, from planting to checking, that expired keys are reclaimed. */
@Command(
        name = "quickstart",
        description = {
            "Shows that it works: plants expired keys on a real Redis, starts the service, has it scan that Redis"
                    + " through the DCS API, and checks that exactly those keys were reclaimed.",
            "Uses a Redis of its own that it starts and ends, unless one is given. Leaves nothing behind."
        })
public final class QuickstartCommand implements Callable<Integer> {

    private static final int FEWEST_KEYS = 3;
    private static final int MOST_KEYS = 100_000_000;
    private static final long WATCH_MILLIS = 250;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "use this server instead: redis:// or rediss://. Its other keys are left alone, but expired"
                    + " ones among them are reclaimed too; its own expiry is switched off for the time of the scan"
                    + " where it lets us. Default: an installed redis-server or valkey-server (6 or later),"
                    + " else one from Debian's packages")
    private @Nullable String redisUri;

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "300000",
            description = "keys to plant; a third of them, rounded down, expires and the rest stays. Default: 300000")
    private int keyCount;

    @Option(
            names = "--keep",
            description = "afterwards keep the service and its Redis running until SIGINT (Ctrl-C) or SIGTERM")
    private boolean keep;

    @Option(names = "--json", description = "write one line of JSON and nothing else to standard output")
    private boolean json;

    private final Shell shell;
    private final Supplier<SweepEngine> engines;

    /**
     * @param shell what the command sees of the world
     * @param engines makes the engine, which looks at a given server before anything is done to it
     */
    public QuickstartCommand(Shell shell, Supplier<SweepEngine> engines) {
        this.shell = shell;
        this.engines = engines;
    }

    @Override
    public Integer call() throws Exception {
        if (keyCount < FEWEST_KEYS || keyCount > MOST_KEYS) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--keys is " + keyCount + ", must be from " + FEWEST_KEYS + " to " + MOST_KEYS);
        }
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread worker = Thread.currentThread();
        Interruption.Registration registration = shell.interruption().onInterrupt(() -> {
            interrupted.set(true);
            worker.interrupt();
        });
        try {
            return run(interrupted).number();
        } catch (Exception e) {
            // Whatever an interrupt made fail, the interrupt is the reason.
            if (interrupted.get()) {
                throw new InterruptedException();
            }
            throw e;
        } finally {
            registration.withdraw();
        }
    }

    private ExitCode run(AtomicBoolean interrupted) throws InterruptedException {
        String id = randomId();
        DemoKeys keys = DemoKeys.of(keyCount, "keysweep-demo:" + id + ":");
        Path folder = temporaryFolder(id);
        DemoRedis.@Nullable Given given = redisUri == null ? null : given(redisUri);
        // The service first, as it takes the longest: it starts while the keys are planted.
        try (DemoService service = DemoService.start(shell, folder.resolve("service"));
                DemoRedis redis = given == null ? started(folder) : given) {
            shell.err().println("Using " + redis.name() + " at " + redis.uri() + ".");
            Quickstart.Outcome outcome = new Quickstart(shell, redis, keys).run(service);
            List<String> faults = outcome.evidence().faults();
            print(outcome, faults.isEmpty());
            faults.forEach(fault -> shell.err().println("keysweep: the check did not hold: " + fault));
            if (keep) {
                keepRunning(service, interrupted);
            }
            return faults.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private DemoRedis started(Path folder) throws InterruptedException {
        RedisProgram program = RedisProgram.find(shell, new ExternalPrograms(shell));
        return new RedisStarter(shell, folder).start(program);
    }

    private DemoRedis.Given given(String uri) {
        Deployment deployment;
        try {
            deployment = DeploymentUri.parse(uri, credentials.username(), credentials.password(shell));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
        if (!(deployment instanceof Deployment.Standalone server)
                || server.address().isUnixSocket()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--redis is \"" + DeploymentUri.redacted(deployment)
                            + "\", must be redis:// or rediss://: the demo keys are planted on one server, over TCP");
        }
        try (SweepEngine engine = engines.get()) {
            PrimarySummary inspection = engine.inspect(server);
            return new DemoRedis.Given(server, DeploymentUri.redacted(server), ServerName.of(inspection.profile()));
        }
    }

    private void print(Quickstart.Outcome outcome, boolean checked) {
        if (json) {
            shell.out().println(outcome.result().toJson());
        } else {
            QuickstartText.lines(outcome.result(), outcome.evidence().remark(), checked, keep)
                    .forEach(shell.out()::println);
        }
        shell.out().flush();
    }

    private void keepRunning(DemoService service, AtomicBoolean interrupted) {
        shell.err().println("The service and its Redis keep running. Ctrl-C ends both.");
        try {
            while (!interrupted.get()) {
                service.requireRunning();
                TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
            }
        } catch (InterruptedException e) {
            // What was waited for: the way on is the way out.
        }
        shell.err().println("Stopping …");
    }

    /** Not made here: whatever needs it makes its own part, and removes it. */
    private Path temporaryFolder(String id) {
        String base = shell.variable("TMPDIR");
        Path folder = Path.of(base != null ? base : System.getProperty("java.io.tmpdir", "/tmp"));
        try {
            return folder.toRealPath().resolve("keysweep-quickstart-" + id);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "no folder for temporary files: " + folder, e);
        }
    }

    private static String randomId() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
