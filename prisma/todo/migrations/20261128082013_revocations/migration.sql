-- CreateTable
CREATE TABLE "revocations" (
    "key" TEXT NOT NULL,
    "revoked_before" TIMESTAMPTZ(3) NOT NULL,
    "keep_until" TIMESTAMPTZ(3) NOT NULL,
    "transaction" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "revocations_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "shared_work" (
    "name" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "done_until" TIMESTAMPTZ(3),

    CONSTRAINT "shared_work_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "revocations_transaction_idx" ON "revocations"("transaction");

-- CreateIndex
CREATE INDEX "revocations_keep_until_idx" ON "revocations"("keep_until");
