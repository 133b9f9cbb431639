package usersapi.system;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A short run of what {@code LoadBenchmark} measures. */
class LoadTest {

    @Test
    void underLoadEveryAnswerIsTheRightOneAndEverythingAddsUpAfterwards() throws Exception {
        var load = new Load(4);

        load.run(Duration.ofSeconds(2));

        System.out.print(load.figures());
        load.check();
    }
}
