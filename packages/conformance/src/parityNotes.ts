/** Names that are PyTorch's and another here: theirs, ours. */
export const renamed: Readonly<Record<string, string>> = {
  var: 'variance',
  absolute: 'abs',
  arccos: 'acos',
  arccosh: 'acosh',
  arcsin: 'asin',
  arcsinh: 'asinh',
  arctan: 'atan',
  arctan2: 'atan2',
  arctanh: 'atanh',
  concat: 'cat',
  concatenate: 'cat',
  divide: 'div',
  fix: 'trunc',
  greater: 'gt',
  greater_equal: 'ge',
  less: 'lt',
  less_equal: 'le',
  multiply: 'mul',
  negative: 'neg',
  not_equal: 'ne',
  subtract: 'sub',
  true_divide: 'div',
  ger: 'outer',
  swapdims: 'transpose',
  moveaxis: 'movedim',
  row_stack: 'vstack',
  dim: 'ndim',
  nelement: 'numel',
  T: 't',
};

/** What is different on purpose, in any part: a pattern of names, and why. The first that fits counts. */
export const differences: readonly (readonly [names: RegExp, why: string])[] = [
  [/^(grouped_mm|scaled_grouped_mm|scaled_mm)$/, 'for bfloat16 and float8 on GPUs alone: `matmul`'],
  [/^LinearCrossEntropyOptions$/, 'cuts the work of one implementation; here a plan lays its work out by itself'],
  [/_$/, 'changes a tensor in place; here tensors are values: take the result, or `x.assign(value)`'],
  [
    /sparse|coalesce|crow_|ccol_|col_indices|row_indices|^indices|^values|_nnz|smm$|spmm|dsmm|hsmm|hspmm|sspaddmm/,
    'there are no sparse tensors',
  ],
  [/complex|conj|^angle$|^imag$|^real$|^polar$|^isreal$|^H$|^mH$|^adjoint$|^stft$|^istft$/, 'there are no complex numbers'],
  [/quantiz|dequant|^q_|qscheme|int_repr|fbgemm|choose_qparams|fused_moving/, 'there are no quantized tensors'],
  [
    /cuda|miopen|cudnn|mkldnn|^is_(cpu|xla|xpu|mps|mtia|ipu|maia|vulkan|meta|ort)|^(cpu|xpu|hpu|ipu|mtia|npu)$|device|^pin_memory|is_pinned/,
    'a backend is an object: `x.to(await cpu())`, `useBackend(…)`',
  ],
  [/(bfloat16|half|cdouble|cfloat|chalf|^short|^char|^long$|^LongTensor)/, 'the dtypes are float32, float64, int32, uint8 and bool'],
  [/^clone$|^(new_|type_as$|as_subclass$|module_load$|detach_)/, 'tensors are values: nothing needs a copy, and makers take `{ dtype }`'],
  [/^(NLLLoss2d|CrossMapLRN2d)$/, 'deprecated or superseded there: `NLLLoss`, `LocalResponseNorm`'],
  [/^(RNNBase|RNNCellBase)$|^multi_head_attention_forward$|^cached$/, 'internal to PyTorch; the public name beside it counts'],
  [
    /_copy$|^(un)?safe_|^unsafe|stride|storage|contiguous|^data_ptr|element_size|itemsize|nbytes|^is_set_to|^set_|memory_format|^layout$|^names$|rename|align_|refine_names|^has_names|share|as_strided/,
    'memory is the backend’s: tensors have no strides, storages or names',
  ],
  [
    /grad_fn|register_hook|retain_grad|retains_grad|output_nr|is_leaf|is_inference|post_accumulate|reinforce|_version|^volatile/,
    'the graph is another: see `@dl/autograd`',
  ],
  [
    /numpy|dlpack|from_file|frombuffer|asarray|from_buffer|^as_tensor$/,
    'JavaScript has typed arrays: `tensor(array)`, `adopt(array)`, `await x.data()`',
  ],
  [
    /script|trace_module|parse_ir|parse_schema|type_comment|import_ir|unify_type|^fork$|^wait$|torch_function|boolean_dispatch|assert_int_or_pair|^sym_|autocast|can_cast|promote_types|result_type|num_threads|interop|flush_denormal|^merge_/,
    'of Python’s or PyTorch’s machinery',
  ],
  [
    /batch_norm_|native_|_backward|_with_indices$|hash_tensor|grid_sampler|_affine_|alias|^convolution$|constant_pad_nd|norm_except_dim|(rnn_relu|rnn_tanh|lstm|gru)(_cell)?$/,
    'internal to PyTorch; the public function beside it counts',
  ],
  [/^SparseAdam$/, 'there are no sparse tensors'],
  [/^swap_in_/, 'of PyTorch’s machinery'],
  [
    /^(Container|DataParallel|Lazy|UninitializedParameter|UninitializedBuffer|SyncBatchNorm|Buffer_)/,
    'sizes are known when a module is made; data-parallel training is another package’s',
  ],
  [/^(upsample|upsample_bilinear|upsample_nearest)$/, 'deprecated there: `interpolate`'],
  [
    /^(fuse_|skip_init|convert_conv|type_before_parametrizations|transfer_param)/,
    'a plan fuses by itself; modules are made with values that nobody computes unless they are read',
  ],
  [/^clip_grad_norm$/, 'deprecated there'],
];

/** Words by which our names differ on purpose from the mechanical rule. */
export const remarks = [
  'Each underscore of PyTorch becomes a capital (`log_softmax` is `logSoftmax`); a name counts as implemented if ours is there.',
  'What an implemented function, layer or optimizer does not take (`device`, `foreach`, `capturable`, complex numbers …) is said in its own documentation.',
  'Numbers differ on purpose in a few places: there is no int64 (labels and `argmax` are int32), and `Muon` iterates in the parameter’s dtype, not in bfloat16.',
  '`LBFGS.step` is asynchronous and must be awaited; `AveragedModel` cannot copy `#private` fields: for such models it takes a second one and `copy: false`.',
];
