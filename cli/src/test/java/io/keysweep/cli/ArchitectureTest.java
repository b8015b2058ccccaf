package io.keysweep.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Checks which packages of the command line may depend on which others. */
@AnalyzeClasses(packages = "io.keysweep.cli", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule knows_neither_service_nor_framework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.keysweep.server..", "org.springframework..", "jakarta..", "java.sql..")
            .because("a command line that starts in a third of a second cannot load a framework");

    @ArchTest
    static final ArchRule knows_no_redis_client = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..")
            .because("only the engine uses the client library");

    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("io.keysweep.cli.(*)..")
            .should()
            .beFreeOfCycles()
            .because("two packages that need each other are really one");

    @ArchTest
    static final ArchRule streams_and_environment_are_injected = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.keysweep.cli.ProcessContext")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "console")
            .because("tests replace the streams and the environment of a command");

    @ArchTest
    static final ArchRule only_the_signal_handler_ends_the_process = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.keysweep.cli.ProcessSignals")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class)
            .because("everything that a command has started must be stopped before the process ends");
}
