package io.keysweep.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.github.kagkarlsson.scheduler.TaskRepository;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@AnalyzeClasses(packages = "io.keysweep.server", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule features_haveNoCycles = slices().matching("io.keysweep.server.(*)..")
            .should()
            .beFreeOfCycles()
            .because("each feature is to be understood and changed without those that stand on it");

    @ArchTest
    static final ArchRule service_doesNotKnowTheClientLibrary = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty..")
            .because("the engine is the only way to a server");

    @ArchTest
    static final ArchRule doors_doNotTouchTheDatabase = noClasses()
            .that()
            .haveSimpleNameEndingWith("Controller")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class)
            .because("SQL stays in the stores, where the contract suites test it on every database");

    @ArchTest
    static final ArchRule dcsApi_isNobodysFoundation = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.server.dcs..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keysweep.server.dcs..")
            .because("one vendor's wire format is a door, and no feature may lean on it");

    @ArchTest
    static final ArchRule console_isNobodysFoundation = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.server.console..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keysweep.server.console..")
            .because("pages are a door as the APIs are, and a process may be without them");

    @ArchTest
    static final ArchRule injection_isByConstructor = fields().should()
            .notBeAnnotatedWith(Autowired.class)
            .because("what a class needs is to be seen in its constructor, and given by a test");

    @ArchTest
    static final ArchRule sweeps_doNotKnowScans = noClasses()
            .that()
            .resideInAPackage("io.keysweep.server.sweep..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keysweep.server.scan..")
            .because("a sweep publishes its end, and the room of scans decides what comes next");

    @ArchTest
    static final ArchRule lockedSweep_isMadeUnderTheFence = noClasses()
            .that()
            .doNotHaveSimpleName("SweepAttempt")
            .and()
            .doNotHaveSimpleName("SweepStore")
            .should()
            .callConstructorWhere(describe(
                    "it is that of LockedSweep",
                    call -> call.getTargetOwner().getSimpleName().equals("LockedSweep")))
            .because("whoever has one may write about the sweep, so a superseded attempt must not get one");

    @ArchTest
    static final ArchRule schedulersRepository_isUsedForLeasesOnly = noClasses()
            .that()
            .doNotHaveSimpleName("ExecutionLeases")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(TaskRepository.class)
            .because("SchedulerClient does everything else, and is the part of the library that stays the same");

    @ArchTest
    static final ArchRule time_comesThroughTheClock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("tests own the time");
}
